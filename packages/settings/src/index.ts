export { DEFINITIONS, decodeKey, type SettingDefinition } from './definitions';
export { masterKey, readSettings, type Settings, SettingsError } from './read';
