// The milliseconds that it takes to read and check a configuration, passed and of the processor, without the start of the
// process. The second argument is a small configuration.
import { Fleet } from "../app/config/fleet";

// The first configuration loads the modules.
Fleet.load(process.argv[3] ?? "");
const [start, used] = [performance.now(), process.cpuUsage()];
const { problems } = Fleet.load(process.argv[2] ?? "");
const passed = performance.now() - start;
const { system, user } = process.cpuUsage(used);
console.log(JSON.stringify({ cpu: (system + user) / 1000, wall: passed }));
process.exitCode = problems.length === 0 ? 0 : 1;
