/** The simulated meter of most tests: everything but its firmware, its logs and where its state lies. Its ports are those that the system gives. */
export const FEEDER = {
  name: 'Feeder 12',
  serial: 'SIM-000042',
  featureSet: 'advanced',
  seed: 42,
  ports: { modbus: 0, rtuOverTcp: 0, sftp: 0, control: 0 },
  applySeconds: 0,
} as const;
