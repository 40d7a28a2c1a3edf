/* A stream that can show blocks of types it does not offer: those whose type the site has no more.
Their definition comes in a group of its own, which the menu of new blocks leaves out. */
(() => {
  const UNKNOWN = 'regional_unknown';

  class RegionalStreamBlockDefinition extends window.wagtailStreamField.blocks.StreamBlockDefinition {
    constructor(...options) {
      super(...options);
      // Looked up by name already; from here on it is only offered.
      this.groupedChildBlockDefs = this.groupedChildBlockDefs.filter(([name]) => name !== UNKNOWN);
    }
  }

  window.telepath.register('wagtail_regional.blocks.StreamBlock', RegionalStreamBlockDefinition);
})();
