/** Most characters of the name of a site. */
export const LONGEST_SITE = 120;
