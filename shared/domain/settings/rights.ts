/**
 * The rights of a user of the meter: the setup registers of the Security User module, and Comm Config Access of the newer wizard.
 * `testMode` exists only where the device has a test mode. Source: ION Reference, Security User module; Siemens 9810 manual, p. 49.
 */
export const RIGHTS = [
  'read',
  'peakDemandReset',
  'timeSync',
  'fullMeterConfig',
  'testMode',
  'securityConfig',
  'commConfig',
] as const;
export type Right = (typeof RIGHTS)[number];
