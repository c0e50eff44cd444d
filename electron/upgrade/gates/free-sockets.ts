import type { Gate } from '../../../shared/domain/gate.ts';
import type { GateFacts } from './facts.ts';
import { pass, warn } from './gate.ts';

const ID = 'free-sockets';

/** ION, Modbus, DNP and DLMS share 8 connections (4.x manual, ports table): a meter without a free one refuses ION Setup. */
export function freeSockets(facts: Pick<GateFacts, 'connections'>): Gate {
  const { connections } = facts;
  if (connections === null || !(connections.of > 0) || !(connections.used >= 0)) {
    return pass(
      ID,
      'This meter does not say how many of its 8 shared connections are in use; close other masters before you start.',
    );
  }
  const { used, of } = connections;
  if (used >= of - 1) {
    return warn(
      ID,
      `${used} of the ${of} shared connections of the meter are in use.`,
      'Stop other masters (SCADA, PME, loggers) that poll this meter, then check again.',
    );
  }
  return pass(ID, `${used} of the ${of} shared connections of the meter are in use.`);
}
