// SPDX-License-Identifier: MIT
// The service manager, as Android 15 from r6 to r17 has it.
package android.os;

import android.os.ConnectionInfo;
import android.os.IClientCallback;
import android.os.IServiceCallback;
import android.os.Service;
import android.os.ServiceDebugInfo;

/** Keeps the names of services.  It is handle 0 of every device. */
interface IServiceManager {
    /** Values of dumpPriority, and of several together. */
    const int DUMP_FLAG_PRIORITY_CRITICAL = 1 << 0;
    const int DUMP_FLAG_PRIORITY_HIGH = 1 << 1;
    const int DUMP_FLAG_PRIORITY_NORMAL = 1 << 2;
    const int DUMP_FLAG_PRIORITY_DEFAULT = 1 << 3;
    const int DUMP_FLAG_PRIORITY_ALL = 15;
    /** The service can write its state as a protocol buffer. */
    const int DUMP_FLAG_PROTO = 1 << 4;

    /** The service registered under a name; waits a little for one that is starting. */
    @nullable IBinder getService(@utf8InCpp String name);

    /** As getService, and how the service is reached. */
    Service getService2(@utf8InCpp String name);

    /** As getService2, but answers at once. */
    Service checkService(@utf8InCpp String name);

    /** Registers a service, in place of an earlier one of that name. */
    void addService(@utf8InCpp String name, IBinder service, boolean allowIsolated,
            int dumpPriority);

    /** Names of all services with one of these DUMP_FLAG_PRIORITY_*. */
    @utf8InCpp String[] listServices(int dumpPriority);

    /** Tells the callback of each registration of that name. */
    void registerForNotifications(@utf8InCpp String name, IServiceCallback callback);

    /** Undoes registerForNotifications. */
    void unregisterForNotifications(@utf8InCpp String name, IServiceCallback callback);

    /** Is it in the manifest of this device? */
    boolean isDeclared(@utf8InCpp String name);

    /** The instances of an interface that the manifest has. */
    @utf8InCpp String[] getDeclaredInstances(@utf8InCpp String iface);

    /** The APEX that a declared service comes from. */
    @nullable @utf8InCpp String updatableViaApex(@utf8InCpp String name);

    /** The declared services that an APEX brings. */
    @utf8InCpp String[] getUpdatableNames(@utf8InCpp String apexName);

    /** Where a service of another machine is reached. */
    @nullable ConnectionInfo getConnectionInfo(@utf8InCpp String name);

    /** Tells a service of its own when it gains its first client or loses the last. */
    void registerClientCallback(@utf8InCpp String name, IBinder service,
            IClientCallback callback);

    /** Takes a service back, unless it has clients. */
    void tryUnregisterService(@utf8InCpp String name, IBinder service);

    /** Name and process of each service. */
    ServiceDebugInfo[] getServiceDebugInfo();
}
