/** Settings of the embedded PostgreSQL. https://www.postgresql.org/docs/18/runtime-config.html */

export type PostgresSettings = Readonly<Record<string, string>>;

/** For data that must not be lost, on a machine it shares with the server. What is not named keeps PostgreSQL's default. */
export const durableSettings: PostgresSettings = {
  // the two that make an acknowledged write survive a power cut: on by default, said aloud
  fsync: 'on',
  synchronous_commit: 'on',
  shared_buffers: '256MB',
  effective_cache_size: '1GB',
  maintenance_work_mem: '128MB',
  random_page_cost: '1.1',
  // statements here are short: compiling one costs more than running it
  jit: 'off',
  max_wal_size: '2GB',
  min_wal_size: '256MB',
  checkpoint_timeout: '15min',
  autovacuum: 'on',
  // index tables mostly grow: keep their visibility map fresh, so that counts read the index only
  autovacuum_vacuum_insert_scale_factor: '0.05',
  autovacuum_vacuum_scale_factor: '0.1',
  autovacuum_analyze_scale_factor: '0.05',
  max_connections: '100',
};

/** For tests: quick, and lost in a power cut. */
export const testSettings: PostgresSettings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '256MB',
  autovacuum: 'off',
  shared_buffers: '64MB',
  jit: 'off',
  random_page_cost: '1.1',
  max_connections: '100',
};

/** Not to be overridden: reached by its socket only, and a log without statements or values, which would hold patient data. */
export const fixedSettings: PostgresSettings = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_checkpoints: 'off',
  log_timezone: 'UTC',
  timezone: 'UTC',
};
