/** What one protocol of a meter can do for us right now. */
export const CAPABILITY_STATES = [
  'open',
  'refused',
  'busy',
  'no-answer',
  'not-on-this-firmware',
  'disabled',
  'unknown',
] as const;
export type CapabilityState = (typeof CAPABILITY_STATES)[number];

export const CAPABILITY_IDS = [
  'modbus-tcp',
  'modbus-identification',
  'sftp',
  'sftp-upgrade-folder',
  'dlms',
  'bacnet',
  'ion',
] as const;
export type CapabilityId = (typeof CAPABILITY_IDS)[number];

/** A capability is probed on this meter at this moment, never assumed from its model. */
export interface Capability {
  readonly id: CapabilityId;
  readonly state: CapabilityState;
  /** One sentence that explains the state, for every state. */
  readonly because: string;
}
