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

/**
 * What each right needs besides itself. Source: ION Reference, Security User module (Read for demand reset, full configuration, test mode and
 * security configuration); Siemens 9810 manual, p. 121 (security configuration switches full configuration on).
 */
const NEEDS: Readonly<Record<Right, readonly Right[]>> = {
  read: [],
  peakDemandReset: ['read'],
  timeSync: [],
  fullMeterConfig: ['read'],
  testMode: ['read'],
  securityConfig: ['read', 'fullMeterConfig'],
  commConfig: [],
};

/** The rights that come with a right, without itself, in the order of {@link RIGHTS}. */
export function rightsNeededBy(right: Right): readonly Right[] {
  return withImplied([right]).filter((other) => other !== right);
}

/** The rights with everything that they need, each once, in the order of {@link RIGHTS}. */
export function withImplied(rights: readonly Right[]): readonly Right[] {
  const all = new Set<Right>();
  const add = (right: Right): void => {
    if (all.has(right)) return;
    all.add(right);
    NEEDS[right].forEach(add);
  };
  rights.forEach(add);
  return RIGHTS.filter((right) => all.has(right));
}

/** The rights without one of them, and without every right that needs it. */
export function withoutRight(rights: readonly Right[], right: Right): readonly Right[] {
  return RIGHTS.filter((other) => rights.includes(other) && other !== right && !rightsNeededBy(other).includes(right));
}

/** Roles of IEC 62351-8 that rights of the meter can express. */
export const ROLES = ['viewer', 'operator', 'installer', 'engineer', 'secadm', 'secaud'] as const;
export type Role = (typeof ROLES)[number];

/** Our reading of the roles, not the standard's or the vendor's: the meter has fewer rights than the standard has. */
const ROLE_RIGHTS: Readonly<Record<Role, readonly Right[]>> = {
  viewer: ['read'],
  operator: ['read', 'peakDemandReset', 'timeSync'],
  installer: ['read', 'timeSync', 'commConfig'],
  engineer: ['read', 'timeSync', 'fullMeterConfig', 'commConfig'],
  secadm: ['read', 'fullMeterConfig', 'securityConfig'],
  secaud: ['read'],
};

/** The rights that a role is given. */
export function rightsOfRole(role: Role): readonly Right[] {
  return ROLE_RIGHTS[role];
}

/** The roles whose rights are exactly these; none for a combination of one's own. */
export function rolesWith(rights: readonly Right[]): readonly Role[] {
  const wanted = RIGHTS.filter((right) => rights.includes(right)).join();
  return ROLES.filter((role) => ROLE_RIGHTS[role].join() === wanted);
}
