---@meta binder
-- SPDX-License-Identifier: MIT
-- binder.d.lua: the module's functions and methods for the Lua language server, which completes and
-- checks scripts with it: name the folder of this file in its setting workspace.library.
-- binder-lua(3) describes them; tests/lua/stubs.lua compares the names with the module's.

---@class binder
---@field version string
local binder = {}

---@alias binder.Value any[]|binder.Parcel a pair such as {"i32", 3}, or what a parcel holds
---@alias binder.Failure string a status' name, such as "DEAD_OBJECT" or "EX_ILLEGAL_STATE"

---@class binder.Options
---@field timeout? number seconds
---@field interface? string the header's descriptor, else the object is asked for its own
---@field token? boolean false: no interface header
---@field status? boolean false: the reply has no status
---@field oneway? boolean

---@class binder.Context
---@field code integer
---@field flags integer
---@field oneway boolean
---@field pid integer 0 for a one-way call
---@field uid integer

---@alias binder.Handler fun(request: binder.Parcel, reply: binder.Parcel, context: binder.Context)

---@class binder.Spec
---@field descriptor string
---@field [integer] binder.Handler
---@field any? binder.Handler
---@field dump? fun(args: string[], file: any): string?
---@field shell? fun(args: string[], files: table, context: binder.Context): any, any
---@field stability? "system"|"vendor"|"vintf"
---@field token? boolean
---@field status? boolean

---@class binder.Cancel what a watch, a timer or a death is cancelled with
local Cancel = {}
function Cancel:cancel() end

---@class binder.Task
local Task = {}
---@param seconds? number
---@return any ...
function Task:wait(seconds) end
---@return boolean
function Task:done() end

---The names of services, sorted.
---@param seconds? number
---@return string[]?
---@return string? message
---@return binder.Failure? name
function binder.list(seconds) end

---The service of that name, if it is there now.
---@param name string
---@param seconds? number
---@return binder.Service?
---@return string? message
---@return binder.Failure? name
function binder.check(name, seconds) end

---The same, waiting up to 5 seconds for it.
---@param name string
---@return binder.Service?
---@return string? message
---@return binder.Failure? name
function binder.get(name) end

---The same, waiting up to the given time, or for ever.
---@param name string
---@param seconds? number
---@return binder.Service?
---@return string? message
---@return binder.Failure? name
function binder.wait(name, seconds) end

---Registers an object of any process.
---@param name string
---@param service binder.Service
---@return binder.Service?
---@return string? message
---@return binder.Failure? name
function binder.add(name, service) end

---Handle 0, usually the service manager.
---@return binder.Service
function binder.manager() end

---An object of this script, registered under a name.
---@param name string
---@param spec binder.Spec|table
---@param functions? table
---@return binder.Service?
---@return string? message
---@return binder.Failure? name
function binder.serve(name, spec, functions) end

---Calls fn when the service manager ends, and when a name is registered with the next one.
---@param fn fun(name: string, status: string)|nil
function binder.on_restart(fn) end

---An object without a name, to be sent in a parcel.
---@param spec binder.Spec|table
---@param functions? table
---@return binder.Service
function binder.object(spec, functions) end

---@param values? binder.Value|binder.Value[]|string
---@return binder.Parcel
function binder.parcel(values) end

---Runs fn(...) concurrently.
---@param fn function
---@param ... any
---@return binder.Task
function binder.async(fn, ...) end

---@param seconds number
---@param fn function
---@return binder.Cancel
function binder.after(seconds, fn) end

---@param seconds number
---@param fn function
---@return binder.Cancel
function binder.every(seconds, fn) end

---@param seconds number
function binder.sleep(seconds) end

---@return number seconds; only differences are meaningful
function binder.now() end

---Serves calls and callbacks until binder.quit() or a signal.
---@param ... "HUP"|"INT"|"TERM"|"USR1"|"USR2"
---@return boolean|string|nil
---@return string? message
---@return binder.Failure? name
function binder.loop(...) end

---Serves one call or callback.
---@param seconds? number
---@return boolean?
---@return string? message
---@return binder.Failure? name
function binder.step(seconds) end

function binder.quit() end

---An AIDL declaration of a file or a type.
---@param name string
---@param folders? string|string[]
---@return table?
---@return string? message
---@return binder.Failure? name
function binder.aidl(name, folders) end

---Ends a handler and sends the exception to its caller.
---@param exception string|integer
---@param message? string
---@param code? integer
function binder.throw(exception, message, code) end

---@param fn fun(message: string)|nil
function binder.on_error(fn) end

---Calls fn for each registration under a name.
---@param name string
---@param fn fun(service: binder.Service, name: string)
---@return binder.Cancel?
---@return string? message
---@return binder.Failure? name
function binder.watch(name, fn) end

---@param device? string
---@return string?
---@return string? message
---@return binder.Failure? name
function binder.device(device) end

---@param version? string|integer
---@return string?
---@return string? message
---@return binder.Failure? name
function binder.android(version) end

---@return table<string, integer>
function binder.counts() end

---@class binder.Service
local Service = {}

---Calls a method; the reply is positioned after its status.
---@param code integer
---@param ... binder.Value|binder.Options
---@return binder.Parcel?
---@return string? message
---@return binder.Failure? name
function Service:call(code, ...) end

---@param code integer
---@param ... binder.Value|binder.Options
---@return boolean?
---@return string? message
---@return binder.Failure? name
function Service:oneway(code, ...) end

---@param options? binder.Options
---@return boolean?
---@return string? message
---@return binder.Failure? name
function Service:ping(options) end

---@param ... string|binder.Options
---@return string?
---@return string? message
---@return binder.Failure? name
function Service:dump(...) end

---Runs a shell command of the object: its result, standard output and standard error.
---@param ... string|binder.Options timeout and input only
---@return integer? result
---@return string output or message
---@return string errors or the failure's name
function Service:shell(...) end

---@param fn fun(service: binder.Service)
---@return binder.Cancel?
---@return string? message
---@return binder.Failure? name
function Service:on_death(fn) end

---@param options? binder.Options
---@return string?
---@return string? message
---@return binder.Failure? name
function Service:descriptor(options) end

---@return string?
function Service:name() end

---@return integer?
function Service:handle() end

---@return boolean
function Service:alive() end

function Service:close() end

---@class binder.Parcel
local Parcel = {}

---@param values string[]|nil
---@param ... any
---@return binder.Parcel self
function Parcel:bytes_array(values, ...) end

---@param ... any
---@return string[]?
---@return string? message
---@return binder.Failure? name
function Parcel:read_bytes_array(...) end

---@param value binder.Service|nil
---@param ... any
---@return binder.Parcel self
function Parcel:binder(value, ...) end

---@param ... any
---@return binder.Service?
---@return string? message
---@return binder.Failure? name
function Parcel:read_binder(...) end

---@param value boolean|nil
---@param ... any
---@return binder.Parcel self
function Parcel:bool(value, ...) end

---@param ... any
---@return boolean?
---@return string? message
---@return binder.Failure? name
function Parcel:read_bool(...) end

---@param value integer|nil
---@param ... any
---@return binder.Parcel self
function Parcel:byte(value, ...) end

---@param ... any
---@return integer?
---@return string? message
---@return binder.Failure? name
function Parcel:read_byte(...) end

---@param value string|nil
---@param ... any
---@return binder.Parcel self
function Parcel:bytes(value, ...) end

---@param ... any
---@return string?
---@return string? message
---@return binder.Failure? name
function Parcel:read_bytes(...) end

---@param value table|nil
---@param ... any
---@return binder.Parcel self
function Parcel:bundle(value, ...) end

---@param ... any
---@return table?
---@return string? message
---@return binder.Failure? name
function Parcel:read_bundle(...) end

---@param value integer|string|nil
---@param ... any
---@return binder.Parcel self
function Parcel:char(value, ...) end

---@param ... any
---@return integer|string?
---@return string? message
---@return binder.Failure? name
function Parcel:read_char(...) end

---@param value number|nil
---@param ... any
---@return binder.Parcel self
function Parcel:f32(value, ...) end

---@param ... any
---@return number?
---@return string? message
---@return binder.Failure? name
function Parcel:read_f32(...) end

---@param value number|nil
---@param ... any
---@return binder.Parcel self
function Parcel:f64(value, ...) end

---@param ... any
---@return number?
---@return string? message
---@return binder.Failure? name
function Parcel:read_f64(...) end

---@param value integer|nil
---@param ... any
---@return binder.Parcel self
function Parcel:fd(value, ...) end

---@param ... any
---@return integer?
---@return string? message
---@return binder.Failure? name
function Parcel:read_fd(...) end

---@param value integer|nil
---@param ... any
---@return binder.Parcel self
function Parcel:i32(value, ...) end

---@param ... any
---@return integer?
---@return string? message
---@return binder.Failure? name
function Parcel:read_i32(...) end

---@param value integer|nil
---@param ... any
---@return binder.Parcel self
function Parcel:i64(value, ...) end

---@param ... any
---@return integer?
---@return string? message
---@return binder.Failure? name
function Parcel:read_i64(...) end

---@param value table|nil
---@param ... any
---@return binder.Parcel self
function Parcel:parcelable(value, ...) end

---@param ... any
---@return table?
---@return string? message
---@return binder.Failure? name
function Parcel:read_parcelable(...) end

---@param value integer|nil
---@param ... any
---@return binder.Parcel self
function Parcel:pfd(value, ...) end

---@param ... any
---@return integer?
---@return string? message
---@return binder.Failure? name
function Parcel:read_pfd(...) end

---@param value string|nil
---@param ... any
---@return binder.Parcel self
function Parcel:str(value, ...) end

---@param ... any
---@return string?
---@return string? message
---@return binder.Failure? name
function Parcel:read_str(...) end

---@param value string|nil
---@param ... any
---@return binder.Parcel self
function Parcel:str8(value, ...) end

---@param ... any
---@return string?
---@return string? message
---@return binder.Failure? name
function Parcel:read_str8(...) end

---@param value integer|nil
---@param ... any
---@return binder.Parcel self
function Parcel:u32(value, ...) end

---@param ... any
---@return integer?
---@return string? message
---@return binder.Failure? name
function Parcel:read_u32(...) end

---@param value integer|nil
---@param ... any
---@return binder.Parcel self
function Parcel:u64(value, ...) end

---@param ... any
---@return integer?
---@return string? message
---@return binder.Failure? name
function Parcel:read_u64(...) end

---@param values (binder.Service)[]|nil
---@param ... any
---@return binder.Parcel self
function Parcel:binder_array(values, ...) end

---@param ... any
---@return (binder.Service)[]?
---@return string? message
---@return binder.Failure? name
function Parcel:read_binder_array(...) end

---@param values (boolean)[]|nil
---@param ... any
---@return binder.Parcel self
function Parcel:bool_array(values, ...) end

---@param ... any
---@return (boolean)[]?
---@return string? message
---@return binder.Failure? name
function Parcel:read_bool_array(...) end

---@param values (integer)[]|nil
---@param ... any
---@return binder.Parcel self
function Parcel:byte_array(values, ...) end

---@param ... any
---@return (integer)[]?
---@return string? message
---@return binder.Failure? name
function Parcel:read_byte_array(...) end

---@param values (table)[]|nil
---@param ... any
---@return binder.Parcel self
function Parcel:bundle_array(values, ...) end

---@param ... any
---@return (table)[]?
---@return string? message
---@return binder.Failure? name
function Parcel:read_bundle_array(...) end

---@param values (integer|string)[]|nil
---@param ... any
---@return binder.Parcel self
function Parcel:char_array(values, ...) end

---@param ... any
---@return (integer|string)[]?
---@return string? message
---@return binder.Failure? name
function Parcel:read_char_array(...) end

---@param values (number)[]|nil
---@param ... any
---@return binder.Parcel self
function Parcel:f32_array(values, ...) end

---@param ... any
---@return (number)[]?
---@return string? message
---@return binder.Failure? name
function Parcel:read_f32_array(...) end

---@param values (number)[]|nil
---@param ... any
---@return binder.Parcel self
function Parcel:f64_array(values, ...) end

---@param ... any
---@return (number)[]?
---@return string? message
---@return binder.Failure? name
function Parcel:read_f64_array(...) end

---@param values (integer)[]|nil
---@param ... any
---@return binder.Parcel self
function Parcel:fd_array(values, ...) end

---@param ... any
---@return (integer)[]?
---@return string? message
---@return binder.Failure? name
function Parcel:read_fd_array(...) end

---@param values (integer)[]|nil
---@param ... any
---@return binder.Parcel self
function Parcel:i32_array(values, ...) end

---@param ... any
---@return (integer)[]?
---@return string? message
---@return binder.Failure? name
function Parcel:read_i32_array(...) end

---@param values (integer)[]|nil
---@param ... any
---@return binder.Parcel self
function Parcel:i64_array(values, ...) end

---@param ... any
---@return (integer)[]?
---@return string? message
---@return binder.Failure? name
function Parcel:read_i64_array(...) end

---@param values (table)[]|nil
---@param ... any
---@return binder.Parcel self
function Parcel:parcelable_array(values, ...) end

---@param ... any
---@return (table)[]?
---@return string? message
---@return binder.Failure? name
function Parcel:read_parcelable_array(...) end

---@param values (integer)[]|nil
---@param ... any
---@return binder.Parcel self
function Parcel:pfd_array(values, ...) end

---@param ... any
---@return (integer)[]?
---@return string? message
---@return binder.Failure? name
function Parcel:read_pfd_array(...) end

---@param values (string)[]|nil
---@param ... any
---@return binder.Parcel self
function Parcel:str_array(values, ...) end

---@param ... any
---@return (string)[]?
---@return string? message
---@return binder.Failure? name
function Parcel:read_str_array(...) end

---@param values (string)[]|nil
---@param ... any
---@return binder.Parcel self
function Parcel:str8_array(values, ...) end

---@param ... any
---@return (string)[]?
---@return string? message
---@return binder.Failure? name
function Parcel:read_str8_array(...) end

---@param values (integer)[]|nil
---@param ... any
---@return binder.Parcel self
function Parcel:u32_array(values, ...) end

---@param ... any
---@return (integer)[]?
---@return string? message
---@return binder.Failure? name
function Parcel:read_u32_array(...) end

---@param values (integer)[]|nil
---@param ... any
---@return binder.Parcel self
function Parcel:u64_array(values, ...) end

---@param ... any
---@return (integer)[]?
---@return string? message
---@return binder.Failure? name
function Parcel:read_u64_array(...) end

---One value for each type.
---@param ... string
---@return any ...
function Parcel:read(...) end

---@param bytes string
---@return binder.Parcel self
function Parcel:raw(bytes) end

---@param size? integer
---@return string?
---@return string? message
---@return binder.Failure? name
function Parcel:read_raw(size) end

---@param descriptor string
---@return binder.Parcel self
function Parcel:token(descriptor) end

---@return string?
---@return string? message
---@return binder.Failure? name
function Parcel:read_token() end

---@param exception? string|integer
---@param ... any
---@return binder.Parcel self
function Parcel:status(exception, ...) end

---@return boolean?
---@return string? message
---@return binder.Failure? name
function Parcel:read_status() end

---@param values binder.Value|binder.Value[]
---@return binder.Parcel self
function Parcel:append(values) end

---@param n? integer
---@return integer
function Parcel:position(n) end

---@return integer
function Parcel:size() end

---@return string
function Parcel:data() end

---@return string
function Parcel:hex() end

---@return table[]
function Parcel:objects() end

function Parcel:close() end

return binder
