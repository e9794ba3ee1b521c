// Lets Plotly draw under the strict content policy; loaded before the bundle. Where Plotly sets a style attribute on
// images and rectangles (heat maps) and on parts of a text (bold), the same is set through the style object, which the
// policy allows.
"use strict";
const setAttribute = Element.prototype.setAttribute;
for (const type of [SVGImageElement, SVGRectElement, SVGTSpanElement]) {
  type.prototype.setAttribute = function (name, value) {
    if (name === "style") this.style.cssText = value;
    else setAttribute.call(this, name, value);
  };
}
