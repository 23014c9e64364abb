/** Every printed page. */
import { errorsPage } from './errors-page';
import type { Page } from './page';
import { settingsPage } from './settings-page';

export const PAGES: readonly Page[] = [errorsPage, settingsPage];
