/** Hands the running PostgreSQL from global set-up to global tear-down, which share a process but no scope. */
import type { EmbeddedPostgres } from '../../src/runtime/embedded-postgres.ts';

interface RunningCluster {
  readonly postgres: EmbeddedPostgres;
  readonly folder: string;
}

const place = globalThis as { vestaTestCluster?: RunningCluster };

export function keepRunning(cluster: RunningCluster): void {
  place.vestaTestCluster = cluster;
}

export function runningCluster(): RunningCluster | undefined {
  return place.vestaTestCluster;
}
