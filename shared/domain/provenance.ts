/**
 * Where a fact about a meter comes from. Every register, folder, limit and setting carries one, because what the tool may do with
 * a fact depends on who vouches for it.
 *
 * - `vendor-documented`: a document of the vendor states it.
 * - `standard`: a published standard states it.
 * - `site-map`: it stands in the vendor's own Modbus map workbook that the technician imported from the firmware package.
 * - `public-evidence`: independent public sources agree on it; good enough to read, never to write.
 * - `simulated`: invented for simulated meters.
 */
export const PROVENANCES = ['vendor-documented', 'public-evidence', 'standard', 'site-map', 'simulated'] as const;
export type Provenance = (typeof PROVENANCES)[number];

/**
 * Whether a write may use a fact of this provenance. Simulated facts reach simulated meters only, and a real meter is
 * written only through what the vendor or a standard vouches for.
 */
export function mayWrite(provenance: Provenance, meter: { readonly simulated: boolean }): boolean {
  switch (provenance) {
    case 'vendor-documented':
    case 'standard':
    case 'site-map':
      return true;
    case 'public-evidence':
      return false;
    case 'simulated':
      return meter.simulated;
  }
}

/** Whether a read may use a fact of this provenance: all may, except that invented ones never reach a real meter. */
export function mayRead(provenance: Provenance, meter: { readonly simulated: boolean }): boolean {
  return provenance !== 'simulated' || meter.simulated;
}
