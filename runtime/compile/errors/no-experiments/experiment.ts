export const forgotten = "the name must be experiments.ts or end in .experiment.ts";
