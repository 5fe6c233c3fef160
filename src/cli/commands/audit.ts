/** `vesta audit`: the audit log. */
import type { Command } from '../command.ts';
import { auditExport } from './audit-export.ts';

export const audit: Command = { name: 'audit', summary: 'The audit log', commands: [auditExport] };
