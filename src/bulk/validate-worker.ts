/** The thread that validates chunks: it gets them one after the other and answers each with a report. https://nodejs.org/docs/latest-v20.x/api/worker_threads.html */
import { parentPort, workerData } from 'node:worker_threads';
import { createBundledValidator } from './bundled-validator.ts';
import { validateLines } from './validate-lines.ts';
import type { WorkerOptions } from './validate-stream.ts';

const { schemas, request, conformance } = workerData as WorkerOptions;
const validate = createBundledValidator(schemas, conformance);

parentPort?.on('message', (bytes: Uint8Array) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origins
  parentPort?.postMessage(validateLines(bytes, validate, request));
});
