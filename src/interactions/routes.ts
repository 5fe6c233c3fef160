/** The whole RESTful API, most specific path first: the HTTP router, Bundle entries and the CapabilityStatement all read this table. https://hl7.org/fhir/R4/http.html */
import { readAuditEvent, refuseAuditChange, searchAuditEvents } from './audit-event.ts';
import { batch } from './batch.ts';
import { capabilities } from './capabilities.ts';
import { create } from './create.ts';
import { deleteResource } from './delete.ts';
import { historyInstance, historySystem, historyType } from './history.ts';
import { operationRoutes } from '../operations/operation-routes.ts';
import { operations } from '../operations/operations.ts';
import type { Route } from './interaction.ts';
import { patch } from './patch.ts';
import { read } from './read.ts';
import { searchCompartment } from './search/search-compartment.ts';
import { searchSystem } from './search/search-system.ts';
import { searchType } from './search/search-type.ts';
import { update } from './update.ts';
import { vread } from './vread.ts';

/** The audit log reads like any resource type and is written by the server alone. */
const auditRoutes: readonly Route[] = [
  { interaction: 'search-type', method: 'GET', path: 'AuditEvent', run: searchAuditEvents },
  { interaction: 'search-type', method: 'POST', path: 'AuditEvent/_search', run: searchAuditEvents },
  { interaction: 'read', method: 'GET', path: 'AuditEvent/:id', run: readAuditEvent },
  { interaction: 'create', method: 'POST', path: 'AuditEvent', run: refuseAuditChange },
  { interaction: 'update', method: 'PUT', path: 'AuditEvent', run: refuseAuditChange },
  { interaction: 'update', method: 'PUT', path: 'AuditEvent/:id', run: refuseAuditChange },
  { interaction: 'patch', method: 'PATCH', path: 'AuditEvent', run: refuseAuditChange },
  { interaction: 'patch', method: 'PATCH', path: 'AuditEvent/:id', run: refuseAuditChange },
  { interaction: 'delete', method: 'DELETE', path: 'AuditEvent', run: refuseAuditChange },
  { interaction: 'delete', method: 'DELETE', path: 'AuditEvent/:id', run: refuseAuditChange },
];

export const routes: readonly Route[] = [
  { interaction: 'capabilities', method: 'GET', path: 'metadata', run: capabilities, open: true },
  { interaction: 'history-system', method: 'GET', path: '_history', run: historySystem },
  { interaction: 'transaction', method: 'POST', path: '', run: batch },
  ...auditRoutes,
  ...operationRoutes(operations),
  { interaction: 'search-system', method: 'GET', path: '', run: searchSystem },
  { interaction: 'search-system', method: 'POST', path: '_search', run: searchSystem },
  { interaction: 'search-type', method: 'POST', path: ':type/_search', run: searchType },
  { interaction: 'history-type', method: 'GET', path: ':type/_history', run: historyType },
  { interaction: 'vread', method: 'GET', path: ':type/:id/_history/:version', run: vread },
  { interaction: 'history-instance', method: 'GET', path: ':type/:id/_history', run: historyInstance },
  { interaction: 'search-compartment', method: 'POST', path: ':type/:id/:member/_search', run: searchCompartment },
  { interaction: 'search-compartment', method: 'GET', path: ':type/:id/:member', run: searchCompartment },
  { interaction: 'search-type', method: 'GET', path: ':type', run: searchType },
  { interaction: 'create', method: 'POST', path: ':type', run: create },
  { interaction: 'update', method: 'PUT', path: ':type', run: update },
  { interaction: 'patch', method: 'PATCH', path: ':type', run: patch },
  { interaction: 'delete', method: 'DELETE', path: ':type', run: deleteResource },
  { interaction: 'read', method: 'GET', path: ':type/:id', run: read },
  { interaction: 'update', method: 'PUT', path: ':type/:id', run: update },
  { interaction: 'patch', method: 'PATCH', path: ':type/:id', run: patch },
  { interaction: 'delete', method: 'DELETE', path: ':type/:id', run: deleteResource },
];
