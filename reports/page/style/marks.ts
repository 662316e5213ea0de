// Marks in cells: what is decided is black and filled, what is inconclusive grey and hollow, so that ink follows evidence without colour.

export const marks = `
.marks, .axis { display: block; overflow: visible; }
.axis text { font-size: 11.5px; fill: var(--soft); }
.reference { stroke: var(--ink); stroke-width: 1; stroke-dasharray: 3 3; opacity: .75; }
.line { stroke: var(--mark, var(--ink)); stroke-width: 2.5; } .thin { stroke: var(--mark, var(--ink)); stroke-width: 1; }
.tick { stroke: var(--mark, var(--ink)); stroke-width: 1.2; opacity: .4; } .dot { fill: var(--mark, var(--ink)); } .hollow { fill: var(--paper); stroke: var(--mark, var(--ink)); stroke-width: 1.8; }
.arrow { fill: var(--mark, var(--ink)); } .band { fill: var(--fill); } .exact { stroke: var(--mark, var(--ink)); stroke-width: 2.5; }
.open { --mark: var(--faint); } .marks.bad { --mark: var(--alarm); }
.share { display: block; width: 100%; height: 12px; margin: .3rem 0 .4rem; } .share .done { fill: var(--q2); } .share .rest { fill: var(--q0); } .share .lost { fill: var(--alarm); } .share .cut { fill: var(--q1); }
.s0 { fill: var(--q0); } .s1 { fill: var(--q1); } .s2 { fill: var(--q2); } .s3 { fill: var(--c2); } .s4 { fill: var(--c3); } .s5 { fill: var(--c4); }
i.key { display: inline-block; width: .7rem; height: .7rem; margin-right: .3rem; } i.s0 { background: var(--q0); } i.s1 { background: var(--q1); } i.s2 { background: var(--q2); } i.s3 { background: var(--c2); } i.s4 { background: var(--c3); } i.s5 { background: var(--c4); }
`;
