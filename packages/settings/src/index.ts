export { DEFINITIONS, decodeKey, type SettingDefinition } from './definitions';
export { masterKey, masterKeys, readSettings, type Settings, SettingsError } from './read';
