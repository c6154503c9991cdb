// SPDX-License-Identifier: MIT
package android.os;

/** Is told when a service has clients. */
oneway interface IClientCallback {
    void onClients(IBinder registered, boolean hasClients);
}
