// What changes where there is less room: one column below 66 rem, a phone below 46 rem.

export const narrow = `
@media (max-width: 72rem) { .strip { grid-template-columns: 1fr 1fr; } .strip > div:nth-child(3) { padding-left: 0; border: 0; } }
@media (max-width: 66rem) { .answer, .analysis { grid-template-columns: minmax(0, 1fr); } }
@media (max-width: 46rem) {
  body { font-size: 15px; } .strip { grid-template-columns: 1fr; } .strip > div { padding: 0; border: 0; } .middle { display: none; }
  .data th:first-child, .data td:first-child { max-width: 44vw; min-width: 30vw; } .data tr.row th:first-child { padding-left: .6rem; min-width: 38vw; }
  .data td.words { min-width: 20rem; } .findings td.verdict-words { white-space: nowrap; } .data tr.group td.small { min-width: 20rem; } .bar .state { margin-left: 0; } section { margin-top: 2.4rem; }
  dl { grid-template-columns: minmax(0, 1fr); } dd { margin-bottom: .35rem; } }
`;
