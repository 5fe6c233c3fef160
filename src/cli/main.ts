#!/usr/bin/env node
/** The command line: `vesta --help`. */
import { vesta } from './program.ts';
import { run } from './run.ts';

process.exitCode = await run(vesta, process.argv.slice(2), { print: console.log, complain: console.error });
