// SPDX-License-Identifier: MIT
// A service, as Android 15 from r6 to r17 has it.
package android.os;

/** How a service is reached: directly, or through an accessor that knows the way. */
union Service {
    @nullable IBinder binder;
    @nullable IBinder accessor;
}
