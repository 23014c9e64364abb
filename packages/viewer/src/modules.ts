/**
 * Modules: what an account has switched on. A permission of a module that is off is neither effective nor can it be
 * granted; it comes back with the module, as roles and tokens keep its name.
 */
import { PERMISSIONS, type Permission } from './permissions';

export type Module = (typeof PERMISSIONS)[Permission]['module'];

/** In the order in which the published list has them. */
export const MODULES = [...new Set(Object.values(PERMISSIONS).map(({ module }) => module))] as Module[];

/** What each is for, as the published list says it. */
export const MODULE_DESCRIPTIONS: Readonly<Record<Module, string>> = {
  IDENTITY: 'The account: its users, roles, projects, teams and tokens.',
  PLATFORM:
    'What the other modules stand on: the log, jobs, files, webhooks and logins at servers of others.',
  GEOREGISTRY: 'Data sources with their versions, org units, links and what is proposed for them.',
  SUBMISSIONS: 'Forms, and what is submitted with them.',
  DATASETS: 'Datasets with their rows.',
};

/** Without these nobody could switch anything on again. */
export const MODULES_ALWAYS_ON: readonly Module[] = ['IDENTITY', 'PLATFORM'];

export function isModule(name: string): name is Module {
  return (MODULES as readonly string[]).includes(name);
}

/** Whether the module is on in an account that has switched on `modules`; null is all of them. */
export function isModuleOn(module: Module, modules: readonly string[] | null): boolean {
  return modules === null || MODULES_ALWAYS_ON.includes(module) || modules.includes(module);
}

/** Those of the permissions whose module is on. */
export function permissionsOfModules(
  permissions: readonly Permission[],
  modules: readonly string[] | null,
): Permission[] {
  return permissions.filter((permission) => isModuleOn(PERMISSIONS[permission].module, modules));
}
