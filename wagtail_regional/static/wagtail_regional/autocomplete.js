/* Choosing a registry row by typing its name: an ARIA combobox with a list of suggestions.

Around Wagtail's chooser it adds the field to what is shown while nothing is chosen; with
`data-several` it adds rows to a list. As a custom element it starts by itself wherever it is
put, also in rows and blocks that are added later. */
(() => {
  const WAIT = 200;
  let count = 0;

  const element = (tag, attributes = {}, text = '') => {
    const made = document.createElement(tag);
    Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
    made.textContent = text;
    return made;
  };

  class RegionalAutocomplete extends HTMLElement {
    connectedCallback() {
      // While a page is being read, what is inside has yet to come.
      if (document.readyState === 'loading') {
        document.addEventListener('DOMContentLoaded', () => this.start(), { once: true });
      } else this.start();
    }

    start() {
      if (this.box) return;
      const before = this.dataset.several ? null : this.querySelector('.unchosen button');
      if (!before && !this.dataset.several) return;
      count += 1;
      this.build(this.dataset.inputId || `regional-suggest-${count}`);
      if (before) before.before(this.box);
      else this.append(this.box);
      this.addEventListener('click', (event) => this.remove_(event));
    }

    build(id) {
      const list = `${id}-suggestions-${count}`;
      this.input = element('input', {
        type: 'text', id, role: 'combobox', autocomplete: 'off', 'aria-autocomplete': 'list',
        'aria-expanded': 'false', 'aria-controls': list, placeholder: this.dataset.placeholder,
        'aria-label': this.dataset.label,
      });
      this.list = element('ul', {
        id: list, role: 'listbox', class: 'regional-suggest__list', 'aria-label': this.dataset.label,
      });
      this.list.hidden = true;
      this.status = element('div', { role: 'status', class: 'regional-suggest__status' });
      this.box = element('div', { class: 'regional-suggest' });
      this.box.append(this.input, this.list, this.status);
      this.input.addEventListener('input', () => this.later());
      this.input.addEventListener('keydown', (event) => this.key(event));
      this.input.addEventListener('blur', () => this.close());
      // The field keeps the focus while something in the list is clicked.
      this.list.addEventListener('mousedown', (event) => event.preventDefault());
      this.list.addEventListener('click', (event) => {
        const option = event.target.closest('[role=option]');
        if (option) this.choose(this.items[[...this.list.children].indexOf(option)]);
      });
    }

    /* --- Suggestions --- */

    later() {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.suggest(), WAIT);
    }

    async suggest() {
      const text = this.input.value.trim();
      this.request?.abort();
      if (!text) {
        this.close();
        this.say('');
        return;
      }
      this.request = new AbortController();
      const { signal } = this.request;
      try {
        const address = `${this.dataset.url}?${new URLSearchParams({ q: text })}`;
        const response = await fetch(address, { signal, headers: { Accept: 'application/json' } });
        if (!response.ok) throw new Error(response.status);
        this.show(await response.json());
      } catch (error) {
        if (error.name === 'AbortError') return;
        this.close();
        this.say(this.dataset.textFailed, true);
      }
    }

    show({ items, more }) {
      this.items = items;
      this.list.replaceChildren(...items.map((item, at) => {
        const option = element('li', {
          role: 'option', id: `${this.list.id}-${at}`, 'aria-selected': 'false',
        });
        option.append(
          element('span', { class: 'regional-suggest__title' }, item.title),
          element('span', { class: 'regional-suggest__detail' }, item.detail),
        );
        return option;
      }));
      const { textNone, textOne, textMany, textMore } = this.dataset;
      const found = items.length === 1 ? textOne : textMany.replace('%(count)s', items.length);
      this.say(items.length ? `${found} ${more ? textMore : ''}` : textNone, !items.length || more,
        more ? textMore : textNone);
      this.list.hidden = !items.length;
      this.input.setAttribute('aria-expanded', String(Boolean(items.length)));
      this.go(-1);
    }

    /* Said to those who listen, and where it matters shown to those who look. */
    say(text, visibly = false, shown = text) {
      const said = element('span', { class: 'w-sr-only' }, text);
      const seen = element('span', { 'aria-hidden': 'true' }, visibly ? shown : '');
      this.status.replaceChildren(said, seen);
    }

    close() {
      this.request?.abort();
      clearTimeout(this.timer);
      this.list.hidden = true;
      this.input.setAttribute('aria-expanded', 'false');
      this.input.removeAttribute('aria-activedescendant');
    }

    /* --- Keys --- */

    key(event) {
      if (event.isComposing) return;
      const open = !this.list.hidden;
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        event.preventDefault();
        if (open) this.go(this.at + (event.key === 'ArrowDown' ? 1 : -1));
        else this.suggest();
      } else if (event.key === 'Enter') {
        // Never sends the form that this stands in.
        event.preventDefault();
        if (open && this.items.length) this.choose(this.items[Math.max(this.at, 0)]);
      } else if (event.key === 'Escape' && (open || this.input.value)) {
        event.stopPropagation();
        if (!open) this.input.value = '';
        this.close();
      }
    }

    go(to) {
      const options = [...this.list.children];
      this.at = to < -1 ? options.length - 1 : to;
      if (this.at >= options.length) this.at = options.length ? 0 : -1;
      options.forEach((option, at) => {
        option.setAttribute('aria-selected', String(at === this.at));
      });
      const option = options[this.at];
      if (option) {
        this.input.setAttribute('aria-activedescendant', option.id);
        option.scrollIntoView({ block: 'nearest' });
      } else this.input.removeAttribute('aria-activedescendant');
    }

    /* --- Choosing --- */

    choose(item) {
      this.input.value = '';
      this.close();
      this.say('');
      if (this.dataset.several) this.add(item);
      else {
        const chooser = this.querySelector('.chooser');
        chooser.widget.setStateFromModalData(item);
        chooser.querySelector('.chosen button')?.focus();
      }
    }

    add({ id, title }) {
      const chosen = this.querySelector('.regional-chosen');
      if (![...chosen.querySelectorAll('input')].some((input) => input.value === id)) {
        const row = this.querySelector('template').content.cloneNode(true);
        row.querySelector('span').textContent = title;
        row.querySelector('input').value = id;
        row.querySelector('button')
          .setAttribute('aria-label', this.dataset.textRemove.replace('%(name)s', title));
        chosen.append(row);
        this.changed();
      }
      this.input.focus();
    }

    remove_(event) {
      const button = event.target.closest('.regional-chosen button');
      if (!button) return;
      button.closest('li').remove();
      this.input.focus();
      this.changed();
    }

    /* What watches a form for changes hears of this one. */
    changed() {
      this.dispatchEvent(new Event('change', { bubbles: true }));
    }
  }

  if (!customElements.get('regional-autocomplete')) {
    customElements.define('regional-autocomplete', RegionalAutocomplete);
  }
})();
