import { z } from 'zod';
import { problemSchema } from '../domain.ts';
import { type MenuAction, type ShellCall, THEMES } from './channels.ts';

/**
 * Pages of the vendor and of public bodies that the window may open in the browser: the page names an id, never an address.
 */
export const VENDOR_PAGES = {
  /** Firmware, templates, web pages; the page the vendor's own tools link to. */
  'meter-downloads': 'https://www.se.com/ca/en/product-range/63502-PowerLogic-ION7400#software-and-firmware',
  'meter-documents': 'https://www.se.com/ca/en/product-range/63502-PowerLogic-ION7400',
  /** Vendor FAQ on where ION Setup is to be had. */
  'ion-setup': 'https://www.se.com/ww/en/faqs/FA2128166/',
  'security-notifications': 'https://www.se.com/ww/en/work/support/cybersecurity/security-notifications.jsp',
  community: 'https://community.se.com/t5/Power-Monitoring/ct-p/power-metering-monitoring',
} as const;
export type VendorPage = keyof typeof VENDOR_PAGES;
const VENDOR_PAGE_IDS = Object.keys(VENDOR_PAGES) as [VendorPage, ...VendorPage[]];

/** What kind of file a dialog asks for: decides the title and the filter. */
export const FILE_KINDS = [
  'package',
  'attachment',
  'meters-csv',
  'ion-setup',
  'web-page',
  'cid',
  'modbus-map',
  'plan',
  'sealed-passwords',
] as const;
export type FileKind = (typeof FILE_KINDS)[number];

const path = z.string().min(1).max(32_767);
/** A name, never a path. */
const fileName = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^/\\\0:*?"<>|]+$/)
  .refine((name) => !/^\.+$/.test(name));
const nothing = z.null();

/** How the engine stands, seen from the shell. Jobs of an engine that ended are interrupted, never lost. */
export const engineStateSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('starting') }),
  z.object({ state: z.literal('running'), restarts: z.number().int().min(0) }),
  /** It ended by itself and is being started again. */
  z.object({ state: z.literal('restarting'), because: z.string() }),
  /** It cannot be started, or ended too often; a person has to decide. */
  z.object({ state: z.literal('failed'), problem: problemSchema }),
]);
export type EngineState = z.infer<typeof engineStateSchema>;

const outcome = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.null() }),
  z.object({ ok: z.literal(false), problem: problemSchema }),
]);

export const SAVE_KINDS = ['html', 'pdf', 'json', 'csv', 'yaml'] as const;
export type SaveKind = (typeof SAVE_KINDS)[number];

/**
 * Every call from the page to the shell: what the arguments are and what comes back. The shell checks who calls and with what, and
 * answers with values only.
 */
export const shellContract = {
  /** Lets the person choose one file; null when they do not. */
  pickFile: { input: z.tuple([z.enum(FILE_KINDS)]), output: path.nullable() },
  pickFiles: { input: z.tuple([z.enum(FILE_KINDS)]), output: z.array(path).max(1_000) },
  pickFolder: { input: z.tuple([]), output: path.nullable() },
  /** Shows a folder, or a file in its folder; only what is in the data folder or was chosen in a dialog. */
  openFolder: { input: z.tuple([path]), output: outcome },
  openVendorPage: { input: z.tuple([z.enum(VENDOR_PAGE_IDS)]), output: outcome },
  /** Asks where to save something under the suggested name; null when the person changed their mind. Writes nothing. */
  pickSaveFile: { input: z.tuple([z.enum(SAVE_KINDS), fileName]), output: path.nullable() },
  /** Puts text on the clipboard: the page itself has no right to. */
  copyText: { input: z.tuple([z.string().max(1_000_000)]), output: nothing },
  /** Colours of what the system draws: title bar, menus, dialogs. */
  setTheme: { input: z.tuple([z.enum(THEMES)]), output: nothing },
  engineState: { input: z.tuple([]), output: engineStateSchema },
  /** Asks for a port to the engine; it arrives as a message of the window named `ENGINE_PORT`. */
  connectEngine: { input: z.tuple([]), output: nothing },
  /** Starts an engine that is in the state `failed`. */
  restartEngine: { input: z.tuple([]), output: nothing },
  /** What the page has to know about the program it runs in. */
  info: {
    input: z.tuple([]),
    output: z.object({
      version: z.string(),
      electron: z.string(),
      chrome: z.string(),
      platform: z.string(),
      packaged: z.boolean(),
      /** True where the older runtime for development and tests is used. */
      developmentRuntime: z.boolean(),
      home: z.string(),
      diagnostics: z.string(),
    }),
  },
} as const satisfies Record<ShellCall, { readonly input: z.ZodType; readonly output: z.ZodType }>;

type Calls = {
  readonly [Call in ShellCall]: (
    ...input: z.infer<(typeof shellContract)[Call]['input']>
  ) => Promise<z.infer<(typeof shellContract)[Call]['output']>>;
};

/** What the page finds as `window.meterwright.shell`. Each `on...` answers with a function that stops listening. */
export interface Shell extends Calls {
  onEngineState(listener: (state: EngineState) => void): () => void;
  onMenu(listener: (action: MenuAction) => void): () => void;
  /** The path of a file that was dropped onto the page; '' for one that is not from a disk. */
  pathOfFile(file: object): string;
}
