// The address of an orchestrator: host and port, with "https://" before them for TLS.

export interface GrpcAddress {
  readonly host: string;
  /** Null where none is given. */
  readonly port: number | null;
  readonly isSafe: boolean;
}

/** Null for what is none, such as a port beyond 65535. */
export function grpcAddressOf(text: string): GrpcAddress | null {
  const [, scheme, host, port] =
    /^(?:(https|grpcs|http|grpc):\/\/)?([^/\s]+?)(?::(\d+))?\/?$/.exec(text) ?? [];
  if (host === undefined || Number(port ?? 1) < 1 || Number(port ?? 1) > 65_535) return null;
  return {
    host,
    port: port === undefined ? null : Number(port),
    isSafe: scheme === "https" || scheme === "grpcs",
  };
}
