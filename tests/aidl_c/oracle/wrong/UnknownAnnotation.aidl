@frob interface UnknownAnnotation { void a(); }
