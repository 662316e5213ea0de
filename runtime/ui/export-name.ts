// The file of a published copy that holds what the server would have answered: a name made of the question.

/** `/run/r0001/trials?offset=0` as `run/r0001/trials--offset-0.json`. */
export function exportName(path: string): string {
  const [address = "", query = ""] = path.split("?");
  const parts = address.split("/").filter((part) => part !== "");
  const asked = [...new URLSearchParams(query)]
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `${name}-${value}`)
    .sort();
  return `${[...parts, ...asked].map(safe).join("/")}.json`;
}

function safe(part: string): string {
  return part.replaceAll(
    /[^A-Za-z0-9._-]/g,
    (character) => `_${(character.codePointAt(0) ?? 0).toString(16)}`,
  );
}
