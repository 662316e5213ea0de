// The standard normal: density, both tails, quantiles. Tails hold their digits to the end of the doubles (z = -38).
// Tails: W. J. Cody, Math. Comp. 23 (1969); quantile: M. J. Wichura, algorithm AS 241 (1988).

const A = [
  2.2352520354606837, 161.02823106855587, 1067.6894854603709, 18154.98125334356, 0.06568233791820745,
];
const B = [47.202581904688245, 976.0985517377767, 10260.932208618979, 45507.78933502673];
const C = [
  0.39894151208813466, 8.883149794388377, 93.50665613217785, 597.2702763948002, 2494.5375852903726,
  6848.190450536283, 11602.65143764735, 9842.714838383978, 1.0765576773720192e-8,
];
const D = [
  22.266688044328117, 235.387901782625, 1519.3775994075547, 6485.558298266761, 18615.571640885097,
  34900.95272114598, 38912.00328609327, 19685.429676859992,
];
const P = [
  0.215898534057957, 0.12740116116024736, 0.022235277870649807, 0.0014216191932278934,
  0.000029112874951168793, 0.023073441764940174,
];
const Q = [
  1.284260096144911, 0.4682382124808651, 0.06598813786892856, 0.0037823963320275824, 0.00007297515550839662,
];
const SQRT_32 = 5.656854249492381;
const INV_SQRT_2PI = 0.3989422804014327;

/** Density of the standard normal at z. */
export function normalDensity(z: number): number {
  return INV_SQRT_2PI * Math.exp(-0.5 * z * z);
}

/** P(Z <= z). Relative error below 1e-15, also far in the tail. */
export function normalLower(z: number): number {
  return normalUpper(-z);
}

/** P(Z > z), computed as a tail. */
export function normalUpper(z: number): number {
  const y = Math.abs(z);
  if (y <= 0.67448975) {
    const square = y > 1.11e-16 ? z * z : 0;
    let top = A[4]! * square;
    let bottom = square;
    for (let i = 0; i < 3; i += 1) {
      top = (top + A[i]!) * square;
      bottom = (bottom + B[i]!) * square;
    }
    return 0.5 - (z * (top + A[3]!)) / (bottom + B[3]!);
  }
  let factor: number;
  if (y <= SQRT_32) {
    let top = C[8]! * y;
    let bottom = y;
    for (let i = 0; i < 7; i += 1) {
      top = (top + C[i]!) * y;
      bottom = (bottom + D[i]!) * y;
    }
    factor = (top + C[7]!) / (bottom + D[7]!);
  } else {
    const square = 1 / (z * z);
    let top = P[5]! * square;
    let bottom = square;
    for (let i = 0; i < 4; i += 1) {
      top = (top + P[i]!) * square;
      bottom = (bottom + Q[i]!) * square;
    }
    factor = (INV_SQRT_2PI - (square * (top + P[4]!)) / (bottom + Q[4]!)) / y;
  }
  // exp(-y^2/2) with y split so that its square is exact.
  const coarse = Math.trunc(y * 16) / 16;
  const tail = Math.exp(-coarse * coarse * 0.5) * Math.exp(-(y - coarse) * (y + coarse) * 0.5) * factor;
  return z > 0 ? tail : 1 - tail;
}

const QA = [
  3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987,
  67265.7709270087, 33430.57558358813, 2509.0809287301227,
];
const QB = [
  1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
  28729.085735721943, 5226.495278852854,
];
const QC = [
  1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
  0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
];
const QD = [
  1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
  0.0005475938084995345, 1.0507500716444169e-9,
];
const QE = [
  6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
  0.0012426609473880784, 0.000027115555687434876, 2.0103343992922881e-7,
];
const QF = [
  1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133,
  0.000018463183175100548, 1.421511758316446e-7, 2.0442631033899397e-15,
];

function ratio(top: readonly number[], bottom: readonly number[], x: number): number {
  let a = 0;
  let b = 0;
  for (let i = 7; i >= 0; i -= 1) {
    a = a * x + top[i]!;
    b = b * x + bottom[i]!;
  }
  return a / b;
}

/** The z with P(Z <= z) = p, for p in [0, 1]; relative error about 1e-16. For an upper tail use normalUpperQuantile. */
export function normalQuantile(p: number): number {
  if (p <= 0) return Number.NEGATIVE_INFINITY;
  if (p >= 1) return Number.POSITIVE_INFINITY;
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) return q * ratio(QA, QB, 0.180625 - q * q);
  const r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p));
  const size = r <= 5 ? ratio(QC, QD, r - 1.6) : ratio(QE, QF, r - 5);
  return q < 0 ? -size : size;
}

/** The z with P(Z > z) = p; exact for p far below 1e-16. */
export function normalUpperQuantile(p: number): number {
  return -normalQuantile(p);
}
