/* A stream that can show blocks of types it does not offer: those whose type the site has no more.
Their definition comes in a group of its own, which the menu of new blocks leaves out. */
(() => {
  const UNKNOWN = 'regional_unknown';

  /* Open a block and all that it stands in, so that what it warns of can be read. */
  const open = (child) => {
    let panel = child.querySelector('[data-panel]');
    for (; panel; panel = panel.parentElement.closest('[data-panel]')) {
      const toggle = panel.querySelector('[data-panel-toggle]');
      if (toggle?.getAttribute('aria-expanded') === 'false') toggle.click();
    }
  };

  class RegionalStreamBlockDefinition extends window.wagtailStreamField.blocks.StreamBlockDefinition {
    constructor(...options) {
      super(...options);
      // Looked up by name already; from here on it is only offered.
      this.groupedChildBlockDefs = this.groupedChildBlockDefs.filter(([name]) => name !== UNKNOWN);
    }

    render(...options) {
      const stream = super.render(...options);
      const unknown = stream.children.filter(({ type }) => type === UNKNOWN);
      // Streams close their blocks once these are made: the one around this stream has yet to.
      queueMicrotask(() => unknown.forEach(({ element }) => open(element)));
      return stream;
    }
  }

  window.telepath.register('wagtail_regional.blocks.StreamBlock', RegionalStreamBlockDefinition);
})();
