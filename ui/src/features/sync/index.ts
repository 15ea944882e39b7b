export { NewSync } from './create/NewSync';
export { FieldsTab } from './fields/FieldsTab';
export { LinksTab } from './links/LinksTab';
export { MappingTab } from './mapping/MappingTab';
export { MatchingTab } from './matching/MatchingTab';
export { PreviewTab } from './preview/PreviewTab';
export { RunPage } from './run/RunPage';
export { RunsTab } from './run/RunsTab';
