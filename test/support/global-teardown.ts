/** Stops the PostgreSQL of the test run and removes its data. */
import { rmSync } from 'node:fs';
import { runningCluster } from './running-cluster.ts';

export default async function tearDown(): Promise<void> {
  const cluster = runningCluster();
  await cluster?.postgres.stop();
  if (cluster) rmSync(cluster.folder, { recursive: true, force: true });
}
