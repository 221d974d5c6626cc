// What the bundler puts JSX into: smaller than the automatic runtime.
export { Fragment, h } from "preact";
