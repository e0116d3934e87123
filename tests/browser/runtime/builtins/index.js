/** All built-in components that have code. The others (`<view>`, `<text>`, …) are plain elements. */
import { button } from './button.js';
import { camera } from './camera.js';
import { canvas } from './canvas.js';
import { checkbox, checkboxGroup, radio, radioGroup, switchBox } from './choices.js';
import { defineBuiltin } from './define.js';
import { form, label } from './form.js';
import { coverImage, image } from './image.js';
import { map } from './map.js';
import { pageContainer, pageMeta, rootPortal } from './page-parts.js';
import { picker } from './picker.js';
import { richText } from './rich-text.js';
import { scrollView } from './scroll-view.js';
import { slider } from './slider.js';
import { icon, navigator, progress } from './small.js';
import { swiper } from './swiper.js';
import { input, textarea } from './text-field.js';
import { video } from './video.js';

const BUILTINS = [
  button,
  camera,
  canvas,
  checkbox,
  checkboxGroup,
  coverImage,
  form,
  icon,
  image,
  input,
  label,
  map,
  navigator,
  pageContainer,
  pageMeta,
  picker,
  progress,
  radio,
  radioGroup,
  richText,
  rootPortal,
  scrollView,
  slider,
  swiper,
  switchBox,
  textarea,
  video,
];

export const defineBuiltins = (space) => BUILTINS.map((builtin) => defineBuiltin(space, builtin));
