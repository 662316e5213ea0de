// What is logged of one run of MLflow, in requests within its limits (mlflow/utils/validation.py): 1,000 metrics, 100 parameters, 100 tags,
// 1,000 of all together, 1,000,000 bytes.

export interface MlflowMetric {
  readonly key: string;
  /** A number, or "NaN", "Infinity", "-Infinity", which JSON has no number for. */
  readonly value: number | string;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly step: number;
}

export interface MlflowPair {
  readonly key: string;
  readonly value: string;
}

export interface MlflowBatch {
  readonly metrics: readonly MlflowMetric[];
  readonly params: readonly MlflowPair[];
  readonly tags: readonly MlflowPair[];
}

const metricsMax = 1000;
const pairsMax = 100;
const entitiesMax = 1000;
/** Of 1,000,000, less the id of the run and the names of the lists. */
const bytesMax = 999_000;

/** Everything in order: parameters, metrics, then tags, so that the last tag is in the last request. */
export function batchesOf({ metrics, params, tags }: MlflowBatch): readonly MlflowBatch[] {
  const batches: { metrics: MlflowMetric[]; params: MlflowPair[]; tags: MlflowPair[] }[] = [];
  let bytes = 0;
  let count = 0;
  const place = (entity: unknown, isFull: (batch: (typeof batches)[number]) => boolean) => {
    const size = Buffer.byteLength(JSON.stringify(entity)) + 1;
    const last = batches.at(-1);
    if (last === undefined || count >= entitiesMax || bytes + size > bytesMax || isFull(last)) {
      batches.push({ metrics: [], params: [], tags: [] });
      [bytes, count] = [0, 0];
    }
    bytes += size;
    count += 1;
    return batches.at(-1)!;
  };
  for (const param of params) place(param, (batch) => batch.params.length >= pairsMax).params.push(param);
  for (const metric of metrics)
    place(metric, (batch) => batch.metrics.length >= metricsMax).metrics.push(metric);
  for (const tag of tags) place(tag, (batch) => batch.tags.length >= pairsMax).tags.push(tag);
  return batches;
}

/** As MLflow's JSON has numbers. */
export function mlflowNumber(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}
