import { firmwareVersion } from '../../../shared/domain/firmware-version.ts';
import { startSimulatedMeter } from '../../../simulator/meter.ts';

/** Entry of a process that is one simulated meter: argument 1 is its state folder; its address goes to the parent. */
startSimulatedMeter({
  name: 'SIM-PROCESS',
  serial: 'SN-PROCESS',
  firmware: firmwareVersion('4.0.0'),
  shipped: firmwareVersion('4.0.0'),
  featureSet: 'advanced',
  stateFolder: process.argv[2] ?? '',
  seed: 3,
  ports: { modbus: 0, rtuOverTcp: 0, sftp: 0, control: 0 },
  applySeconds: 1.5,
}).then(
  (meter) => process.send?.(meter.address),
  (thrown: unknown) => {
    process.emitWarning(String(thrown));
    process.exitCode = 1;
  },
);
