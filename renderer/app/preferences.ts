import { create } from 'zustand';
import { LANGUAGES, type Language, preferredLanguage } from '../i18n/languages.ts';

/** What a person chose for this window. Nothing about meters is in here. */
interface Preferences {
  readonly language: Language;
  /** Name of the technician, as reports and journals show it; '' until it was entered. */
  readonly person: string;
  /** Folder in which the person keeps what came from the vendor; '' until one was chosen. */
  readonly vendorFolder: string;
  /** Whether the list of meters has the tree of sites beside it, where there is room for it. */
  readonly siteTree: boolean;
}

const KEY = 'meterwright.preferences';

/** Preferences, kept by the page between starts. */
export const usePreferences = create<Preferences>(() => read());

export function setLanguage(language: Language): void {
  change({ language });
}

/** The technician's name and a function to change it. */
export function usePerson(): readonly [string, (person: string) => void] {
  return [usePreferences((state) => state.person), (person) => change({ person: person.slice(0, 200) })];
}

/** Remembers the folder with what came from the vendor. */
export function setVendorFolder(vendorFolder: string): void {
  change({ vendorFolder });
}

/** Shows the tree of sites beside the list of meters, or folds it away. */
export function setSiteTree(siteTree: boolean): void {
  change({ siteTree });
}

function change(part: Partial<Preferences>): void {
  usePreferences.setState(part);
  try {
    localStorage.setItem(KEY, JSON.stringify(usePreferences.getState()));
  } catch {
    // A full or forbidden storage costs the person a choice at the next start, and nothing else.
  }
}

function read(): Preferences {
  const fresh: Preferences = {
    language: preferredLanguage(navigator.languages),
    person: '',
    vendorFolder: '',
    siteTree: true,
  };
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    if (typeof stored !== 'object' || stored === null) return fresh;
    const language = 'language' in stored && typeof stored.language === 'string' ? stored.language : '';
    const person = 'person' in stored && typeof stored.person === 'string' ? stored.person : '';
    const vendorFolder = 'vendorFolder' in stored && typeof stored.vendorFolder === 'string' ? stored.vendorFolder : '';
    const siteTree = !('siteTree' in stored && stored.siteTree === false);
    return {
      vendorFolder,
      siteTree,
      language: language in LANGUAGES ? (language as Language) : fresh.language,
      person,
    };
  } catch {
    // What cannot be read is what was never chosen.
    return fresh;
  }
}
