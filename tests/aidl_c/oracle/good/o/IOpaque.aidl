package o;

import o.Opaque;
import o.Pair;

interface IOpaque {
    Opaque one(in Opaque a, out Opaque b, inout Opaque c, in @nullable Opaque d);
    Opaque[] many(in Opaque[] a, out Opaque[] b, in @nullable Opaque[] c);
}
