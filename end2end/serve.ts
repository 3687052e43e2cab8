// `npm run world [sqlite|postgres]`: a world to look at, with mail and DNS that stay up until Ctrl-C.
import { startWorld } from './world/world.ts';

const world = await startWorld(process.argv[2] === 'postgres' ? 'postgres' : 'sqlite');
console.log(`Kontor ${world.url}\nmail   ${world.mail.url}\nDNS    ${world.dns.zones}\nsite   ${world.site.address}`);
const end = () => void world.stop().then(() => process.exit(0));
process.on('SIGINT', end).on('SIGTERM', end);
