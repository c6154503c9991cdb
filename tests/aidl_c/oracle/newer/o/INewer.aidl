// What Android 10 did not know.
package o;

import o.Nest;

@VintfStability
interface INewer {
    const int BITS = (1 << 3 | 16 >> 2) ^ 7;
    @Backing(type="int") enum Mode { OFF, ON = BITS }
    interface ICallback { oneway void done(in Nest.Inner inner); }
    Mode mode(Mode a, in Mode[] b);
    int[2] fixed(in int[2] a, out int[2][3] b, inout String[2] c);
    Nest.Inner nested(in Nest a, in Nest.Either b, in @nullable Nest.Either c);
    oneway void call(ICallback a);
    IBinder[] binders(in IBinder[] a, in @nullable ICallback[] b);
}
