import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { firmwareVersion } from '../../shared/domain/firmware-version.ts';
import { packageMembers, type Recipe, withHashList } from './members.ts';
import { mapWorkbook } from './workbook.ts';
import { type NewMember, renameMember, zipOf } from './zip.ts';

/** Packages that are broken in one way each (`downgrade` is whole, but older than any meter that would take it). */
interface BrokenPackages {
  /** The hash list does not fit the main image. */
  readonly wrongHash: string;
  /** Whole and signed, but for another model. */
  readonly wrongModel: string;
  /** The archive ends in the middle. */
  readonly truncated: string;
  /** The main image without its package. */
  readonly bareUpx: string;
  /** One member's name climbs out of the folder. */
  readonly zipSlip: string;
  /** One member unpacks to a thousand times its size. */
  readonly zipBomb: string;
  /** The images carry no signature. */
  readonly unsigned: string;
  /** Version 3.1.0, signed. */
  readonly downgrade: string;
}

/** Paths of everything that was written. */
export interface SimulatedPackages {
  readonly package: string;
  readonly packages: BrokenPackages;
  readonly map: string;
}

export interface PackageSizes {
  /** Payload of the main images, in bytes. */
  readonly payloadSize?: number;
}

const DEFAULT_PAYLOAD = 2 * 1024 * 1024;
/** Zeros in the bomb, in bytes: harmless if somebody does unpack it, and they pack to a thousandth. */
const BOMB_SIZE = 8 * 1024 * 1024;

const CURRENT: Omit<Recipe, 'payloadSize'> = {
  model: 'ION7400',
  version: firmwareVersion('4.6.0'),
  minimumStart: firmwareVersion('2.1.0'),
  sign: true,
  ionSetup: '3.2.25037.01',
};

/**
 * Writes a firmware package 4.6.0 for simulated meters, its broken siblings and the Modbus map workbook into `folder`, which is made when it
 * is not there. Files of the same names are replaced.
 */
export async function buildSimulatedPackages(folder: string, sizes: PackageSizes = {}): Promise<SimulatedPackages> {
  await mkdir(folder, { recursive: true });
  const save = async (name: string, content: Buffer): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, content);
    return path;
  };
  const workbook = await mapWorkbook();
  const recipe: Recipe = { ...CURRENT, payloadSize: sizes.payloadSize ?? DEFAULT_PAYLOAD };
  const pack = (changed: Partial<Recipe>): Promise<Buffer> => {
    const other = { ...recipe, ...changed };
    return zipOf(withHashList(other, packageMembers(other, workbook)));
  };
  // Most siblings differ from the whole package by what lies beside its images; making those is most of the work.
  const members = packageMembers(recipe, workbook);
  const [image] = members;
  const listed = withHashList(recipe, members);
  const whole = await zipOf(listed);
  const bomb: NewMember = { name: 'bomb.bin', content: Buffer.alloc(BOMB_SIZE) };
  return {
    package: await save('ION7400_V004.006.000.zip', whole),
    packages: {
      wrongHash: await save('wrong-hash.zip', await zipOf(withHashList(recipe, members, image.name))),
      wrongModel: await save('wrong-model.zip', await pack({ model: 'ION9000' })),
      truncated: await save('truncated.zip', whole.subarray(0, Math.floor(whole.length * 0.6))),
      bareUpx: await save(image.name, image.content),
      zipSlip: await save('zip-slip.zip', await zipSlip(listed)),
      zipBomb: await save('zip-bomb.zip', await zipOf([...listed, bomb])),
      unsigned: await save('unsigned.zip', await pack({ sign: false })),
      downgrade: await save(
        'ION7400_V003.001.000.zip',
        await pack({ version: firmwareVersion('3.1.0'), ionSetup: '3.2.20218.01' }),
      ),
    },
    map: await save('ION7400_Modbus_Map.xlsx', workbook),
  };
}

/** One more member that would land beside the folder it is unpacked into. */
async function zipSlip(listed: readonly NewMember[]): Promise<Buffer> {
  const zip = await zipOf([...listed, { name: 'xx/escaped.txt', content: Buffer.from('outside\n', 'utf8') }]);
  return renameMember(zip, 'xx/escaped.txt', '../escaped.txt');
}
