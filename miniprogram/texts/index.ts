/** The texts of the mini program, in the language of the person. */
import { read, write, forget } from '../services/storage';
import { en } from './en';
import { zh, type Texts } from './zh';

export type { Texts } from './zh';
export type Language = 'zh' | 'en';

/** The language that was chosen, else the phone's. */
export function language(): Language {
  return read('language') ?? (wx.getAppBaseInfo().language.startsWith('zh') ? 'zh' : 'en');
}

/** Undefined follows the phone again. */
export function chooseLanguage(chosen: Language | undefined): void {
  if (chosen === undefined) forget('language');
  else write('language', chosen);
}

export function texts(): Texts {
  return language() === 'zh' ? zh : en;
}

/** Fills `{name}` in a text. */
export function filled(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
