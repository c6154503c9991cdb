// SPDX-License-Identifier: MIT
package android.os;

/** Is told of registrations. */
oneway interface IServiceCallback {
    void onRegistration(@utf8InCpp String name, IBinder binder);
}
