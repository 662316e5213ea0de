import { metric } from "labwright";

export const score = metric.number();
