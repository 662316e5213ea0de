// Where a port's service is: as the definition says, or as the environment does.
import { isFromEnvironment, type PortSettings } from "../../lib/experiment/effects/port-settings.ts";

/** The address. Throws, in words, where the environment is to give it and does not. */
export function endpointOf({ endpoint }: Pick<PortSettings, "endpoint">): string {
  if (!isFromEnvironment(endpoint)) return endpoint;
  const value = process.env[endpoint.env] || endpoint.otherwise;
  if (value === null)
    throw new Error(`the environment variable ${endpoint.env}, which is to hold the endpoint, is not set`);
  return value;
}

/** Whether an address is this machine's own. */
export function isLoopback(endpoint: string): boolean {
  const host = URL.canParse(endpoint) ? new URL(endpoint).hostname : "";
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(host);
}
