// A file in the folder of a program's trial that ended by itself: the next start is from the beginning.
export const endedMark = ".ended";
