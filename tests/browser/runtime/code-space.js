/** Registers the app's components with glass-easel and gives modules their `Page`, `Component` and `Behavior`. */
import { MiniProgramEnv } from 'glass-easel-miniprogram-adapter';
import { createBackend } from './backend.js';
import { defineBuiltins } from './builtins/index.js';
import { addFormFieldBehavior } from './builtins/fields.js';
import { registerSheet } from './styles.js';

/** The framework's style scopes for components of this app. */
const SHARED = new Set(['shared', 'page-shared']);

/** @param {object} app the compiled app */
export function createCodeSpace(app) {
  const environment = new MiniProgramEnv();
  const builtins = defineBuiltins(environment.getGlobalCodeSpace());
  const space = environment.createCodeSpace('', true);
  const components = space.getComponentSpace();
  components.updateComponentOptions({ writeFieldsToNode: false });
  for (const [tag, definition] of builtins) components.setGlobalUsingComponent(tag, definition);
  writeIds(space);

  const backend = environment.associateBackend(createBackend());
  registerSheet('app', app.styles);
  space.addStyleSheet('app', 'app');

  const byId = new Map(app.components.map((component) => [component.id, component]));
  const loaded = new Set();
  let scopes = 0;
  const behaviors = builtinBehaviors(space);
  /** The component whose module runs. */
  let current;

  for (const { id, config } of app.components) {
    space.addComponentStaticConfig(id, config);
    const content = app.templates[id] ?? app.templates(id);
    space.addCompiledTemplate(id, { groupList: app.templates, content, fallbackListenerOnNativeNode: true });
  }

  /** What modules get as globals. */
  const constructors = {
    Page: (definition) => define('Page', definition),
    Component: (definition) => define('Component', definition),
    Behavior: Object.assign((definition) => space.behavior().definition(withBehaviors(definition)).register(), {
      trait: space.traitBehavior.bind(space),
    }),
  };

  function define(kind, definition) {
    if (current === undefined) throw new Error(`${kind}() is called outside the script of a page or component`);
    addStyles(current.component, definition?.options);
    current.defined = true;
    if (definition === undefined) return current.environment.Component();
    return current.environment[kind](withBehaviors(definition));
  }

  /** How a component is isolated: its JSON says so, else the options in its script. */
  function addStyles({ id, isPage, config, styles }, options) {
    if (!isPage && config.styleIsolation === undefined) {
      config.styleIsolation = options?.styleIsolation ?? (options?.addGlobalClass ? 'apply-shared' : undefined);
    }
    const isShared = isPage || SHARED.has(config.styleIsolation);
    const scope = isShared ? undefined : `c${scopes++}`;
    registerSheet(id, styles, scope === undefined ? undefined : { prefix: `${scope}--`, host: scope });
    space.addStyleSheet(id, id, scope);
  }

  function withBehaviors(definition) {
    if (!definition?.behaviors) return definition;
    const named = definition.behaviors.map((one) => {
      if (typeof one !== 'string') return one;
      if (!behaviors.has(one)) throw new Error(`the behavior "${one}" is not simulated`);
      return behaviors.get(one);
    });
    return { ...definition, behaviors: named };
  }

  /** Runs the scripts of a page and of every component it may show. */
  function load(id, require) {
    const needed = [];
    const visit = (one) => {
      if (loaded.has(one)) return;
      loaded.add(one);
      Object.values(byId.get(one).config.usingComponents).forEach((path) => visit(path.slice(1)));
      needed.push(byId.get(one));
    };
    visit(id);
    components.groupRegister(() => {
      for (const component of needed) run(component, require);
    });
  }

  function run(component, require) {
    space.componentEnv(component.id, (environment) => {
      const outer = current;
      current = { component, environment, defined: false };
      try {
        require(component.script);
        if (!current.defined)
          throw new Error(`${component.script} does not call ${component.isPage ? 'Page' : 'Component'}()`);
      } finally {
        current = outer;
      }
    });
  }

  return { backend, space, byId, constructors, load };
}

/** `id` goes to the page as it is written, for styles and for tests. */
function writeIds(space) {
  const { prepareComponentOptions } = space;
  space.prepareComponentOptions = function (...options) {
    const [prepared, isolation] = prepareComponentOptions.apply(this, options);
    return [{ ...prepared, writeIdToDOM: true, idPrefixGenerator: null }, isolation];
  };
}

function builtinBehaviors(space) {
  const empty = () => space.behavior().definition({}).register();
  return new Map([
    ['wx://form-field', addFormFieldBehavior(space)],
    ['wx://form-field-group', empty()],
    ['wx://form-field-button', empty()],
    ['wx://component-export', empty()],
  ]);
}
