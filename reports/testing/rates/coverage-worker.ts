// One process of `npm run coverage`: counts the errors of whatever part of a rate it is sent.
import { type Tally, tallyOf } from "./rate.ts";
import { readTopic } from "./topics.ts";

/** Some seeds of one rate. */
export interface Part {
  readonly topic: string;
  /** Place of the rate in its topic. */
  readonly rate: number;
  readonly first: number;
  readonly last: number;
}

export interface CountedPart {
  readonly part: Part;
  readonly tally: Tally;
}

process.on("message", async (part: Part) => {
  const topic = await readTopic(part.topic);
  const counted: CountedPart = { part, tally: await tallyOf(topic.rates[part.rate]!, part) };
  process.send?.(counted);
});
