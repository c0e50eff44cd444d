import { createInstance, type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { english } from './english.ts';
import type { Language } from './languages.ts';
import { texts } from './texts.ts';

/** The texts in a language, once they are there. English is in the bundle and waits for nothing. */
export async function startI18n(language: Language): Promise<i18n> {
  const instance = createInstance();
  void instance.use(initReactI18next).init({
    resources: { en: english },
    lng: 'en',
    fallbackLng: 'en',
    ns: Object.keys(english),
    defaultNS: 'ui',
    // React escapes; a second time would show &amp; to people.
    interpolation: { escapeValue: false },
    initAsync: false,
    returnNull: false,
  });
  if (language !== 'en') {
    await loadTexts(instance, language);
    await instance.changeLanguage(language);
  }
  return instance;
}

/** Brings the texts of a language, after which it can be changed to. */
export async function loadTexts(instance: i18n, language: Language): Promise<void> {
  for (const [namespace, found] of Object.entries(await texts[language]())) {
    if (!instance.hasResourceBundle(language, namespace)) instance.addResourceBundle(language, namespace, found);
  }
}
